package client

import (
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// WebhookTolerance is how far a webhook's time may be from now.
const WebhookTolerance = 5 * time.Minute

// Why a webhook is not taken.
var (
	ErrWebhookSecret    = errors.New("a webhook's secret is whsec_… or whpk_…")
	ErrWebhookHeaders   = errors.New("a webhook's headers are missing or wrong")
	ErrWebhookTime      = errors.New("the webhook's time is not now")
	ErrWebhookSignature = errors.New("none of the webhook's signatures is right")
)

// VerifyWebhook verifies a webhook as the Standard Webhooks specification says. The body is as it came, byte for byte; read it through
// http.MaxBytesReader. The secrets are an endpoint's: whsec_…, or whpk_… if it is asymmetric, and several while one replaces another. An old
// webhook that somebody sends again is refused with ErrWebhookTime. A webhook can come more than once: remember its Webhook-Id.
func VerifyWebhook(header http.Header, body []byte, secrets ...string) error {
	return verifyWebhook(time.Now(), header, body, secrets)
}

func verifyWebhook(now time.Time, header http.Header, body []byte, secrets []string) error {
	id, stamp, signatures := header.Get("Webhook-Id"), header.Get("Webhook-Timestamp"), header.Get("Webhook-Signature")
	seconds, err := strconv.ParseUint(stamp, 10, 48)
	if err != nil || id == "" || signatures == "" {
		return ErrWebhookHeaders
	}
	if now.Sub(time.Unix(int64(seconds), 0)).Abs() > WebhookTolerance {
		return ErrWebhookTime
	}
	signed := append([]byte(id+"."+stamp+"."), body...)
	right := false
	for _, secret := range secrets {
		scheme, matches, err := webhookScheme(secret, signed)
		if err != nil {
			return err
		}
		for signature := range strings.SplitSeq(signatures, " ") {
			version, text, _ := strings.Cut(signature, ",")
			if raw, err := base64.StdEncoding.DecodeString(text); err == nil && version == scheme && matches(raw) {
				right = true
			}
		}
	}
	if !right {
		return ErrWebhookSignature
	}
	return nil
}

// webhookScheme is the signature's version that goes with a secret, and whether a signature is right.
func webhookScheme(secret string, signed []byte) (version string, matches func(signature []byte) bool, err error) {
	if text, ok := strings.CutPrefix(secret, "whpk_"); ok {
		key, err := base64.StdEncoding.DecodeString(text)
		if err != nil || len(key) != ed25519.PublicKeySize {
			return "", nil, ErrWebhookSecret
		}
		return "v1a", func(signature []byte) bool { return ed25519.Verify(key, signed, signature) }, nil
	}
	text, ok := strings.CutPrefix(secret, "whsec_")
	key, err := base64.StdEncoding.DecodeString(text)
	if !ok || err != nil || len(key) == 0 {
		return "", nil, ErrWebhookSecret
	}
	mac := hmac.New(sha256.New, key)
	mac.Write(signed)
	expected := mac.Sum(nil)
	return "v1", func(signature []byte) bool { return hmac.Equal(signature, expected) }, nil
}
