package kernel

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/textproto"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// formPart is a part of a form that a test writes.
type formPart struct{ name, file, media, content string }

func formOf(t testing.TB, boundary string, parts ...formPart) (contentType, body string) {
	t.Helper()
	var out bytes.Buffer
	w := multipart.NewWriter(&out)
	require.NoError(t, w.SetBoundary(boundary))
	for _, p := range parts {
		header := textproto.MIMEHeader{}
		header.Set("Content-Disposition", multipart.FileContentDisposition(p.name, p.file))
		if p.media != "" {
			header.Set("Content-Type", p.media)
		}
		part, err := w.CreatePart(header)
		require.NoError(t, err)
		_, err = io.WriteString(part, p.content)
		require.NoError(t, err)
	}
	require.NoError(t, w.Close())
	return w.FormDataContentType(), out.String()
}

// Forms are the same if their parts are, whatever stands between them.
func TestFormDigest(t *testing.T) {
	t.Parallel()
	digest := func(boundary string, parts ...formPart) string {
		contentType, body := formOf(t, boundary, parts...)
		return fmt.Sprintf("%x", formDigest(contentType, strings.NewReader(body)))
	}
	fox := formPart{"file", "fox.zip", "application/zip", "PK\r\n--x"}
	seen := map[string]formPart{}
	for _, p := range []formPart{fox, {"file", "owl.zip", "application/zip", "PK\r\n--x"}, {"file", "fox.zip", "", "PK\r\n--x"}, {"file", "fox.zip", "application/zip", "PK"},
		{"other", "fox.zip", "application/zip", "PK\r\n--x"}} {
		one := digest("one", p)
		require.NotEmpty(t, one)
		require.Equal(t, one, digest("another", p))
		require.NotContains(t, seen, one, "%+v", p)
		seen[one] = p
	}
	require.NotEqual(t, digest("one", fox, fox), digest("one", fox))
	require.Empty(t, digest("one", make([]formPart, maxComparedParts+1)...), "too many to compare")

	contentType, body := formOf(t, "one", fox)
	for name, tt := range map[string][2]string{
		"no form":     {"application/zip", body},
		"no boundary": {"multipart/form-data", body},
		"cut":         {contentType, body[:len(body)-12]},
		"elsewhere":   {"multipart/form-data; boundary=two", body},
	} {
		require.Nil(t, formDigest(tt[0], strings.NewReader(tt[1])), name)
	}
}

// FuzzFormDigest: whatever has a digest has the same one when it is written anew with another boundary.
func FuzzFormDigest(f *testing.F) {
	contentType, body := formOf(f, "b", formPart{"file", "a.zip", "application/zip", "PK"})
	f.Add(contentType, body)
	f.Add("multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=file\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n=41\r\n--b--")
	f.Add("multipart/form-data; boundary=b", "--b\r\n\r\n\r\n--b")
	f.Fuzz(func(t *testing.T, contentType, body string) {
		digest := formDigest(contentType, strings.NewReader(body))
		if digest == nil {
			return
		}
		_, parameters, err := mime.ParseMediaType(contentType)
		require.NoError(t, err)
		form := multipart.NewReader(strings.NewReader(body), parameters["boundary"])
		var out bytes.Buffer
		w := multipart.NewWriter(&out)
		for {
			part, err := form.NextPart()
			if errors.Is(err, io.EOF) {
				break
			}
			require.NoError(t, err)
			anew, err := w.CreatePart(part.Header)
			require.NoError(t, err)
			_, err = io.Copy(anew, part)
			require.NoError(t, err)
		}
		require.NoError(t, w.Close())
		require.Equal(t, digest, formDigest(w.FormDataContentType(), &out))
	})
}
