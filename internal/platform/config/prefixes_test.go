package config

import "testing"

func TestPrefixes(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"": "", " , ": "",
		"10.1.2.3/8, ::1,192.0.2.7": "10.0.0.0/8,::1/128,192.0.2.7/32",
		"localhost":                 "error", "10.0.0.0/33": "error",
	} {
		var p Prefixes
		if err := p.UnmarshalText([]byte(text)); (err != nil) != (want == "error") {
			t.Errorf("%q: %v", text, err)
		}
		if got, err := p.MarshalText(); want != "error" && string(got) != want || err != nil {
			t.Errorf("%q is %s, want %s", text, got, want)
		}
	}
}

func TestPorts(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{"": "", "443, 8443": "443,8443", "0": "error", "65536": "error", "https": "error", "+1": "error"} {
		var p Ports
		if err := p.UnmarshalText([]byte(text)); (err != nil) != (want == "error") {
			t.Errorf("%q: %v", text, err)
		}
		if got, err := p.MarshalText(); want != "error" && string(got) != want || err != nil {
			t.Errorf("%q is %s, want %s", text, got, want)
		}
	}
}
