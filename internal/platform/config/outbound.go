package config

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"github.com/spark-games/spark/models"
)

// Outbound says where requests may go whose addresses accounts choose, such as those of webhooks.
type Outbound struct {
	Allow Prefixes      `set:"allow" help:"networks inside that webhooks may reach, such as 127.0.0.0/8 for development"`
	HTTP  bool          `set:"http" help:"webhooks may go to public addresses by plain http"`
	Ports Ports         `set:"ports" help:"ports of public addresses that webhooks may go to; without it 443 and 8443"`
	Proxy models.Secret `set:"proxy" help:"HTTP proxy that webhooks go through; that of the environment is not used"`
}

// Webhooks are what accounts are told of.
type Webhooks struct {
	Key          models.Secret `set:"key" help:"secret that encrypts those of webhooks; without it, made once and kept in the data folder"`
	MaxEndpoints int           `set:"max_endpoints" default:"50" help:"how many webhook endpoints one account may have; 0 is any number"`
}

// ProxyURL is the proxy's address; nil for none.
func (o Outbound) ProxyURL() *url.URL {
	u, err := url.Parse(o.Proxy.Reveal())
	if err != nil || o.Proxy.IsZero() {
		return nil
	}
	return u
}

func (o Outbound) check(bad func(setting, why string)) {
	if u := o.ProxyURL(); !o.Proxy.IsZero() && !IsReference(o.Proxy.Reveal()) && (u == nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https") {
		bad("outbound.proxy", "is a URL such as http://proxy.example.com:3128")
	}
}

// Ports is a comma-separated list of ports.
type Ports []uint16

// UnmarshalText implements encoding.TextUnmarshaler.
func (p *Ports) UnmarshalText(text []byte) error {
	*p = nil
	for _, entry := range words(string(text)) {
		port, err := strconv.ParseUint(entry, 10, 16)
		if err != nil || port == 0 {
			return fmt.Errorf("%q is no port from 1 to 65535", short(entry))
		}
		*p = append(*p, uint16(port))
	}
	return nil
}

// MarshalText is the inverse of UnmarshalText.
func (p Ports) MarshalText() ([]byte, error) {
	all := make([]string, len(p))
	for i, port := range p {
		all[i] = strconv.Itoa(int(port))
	}
	return []byte(strings.Join(all, ",")), nil
}
