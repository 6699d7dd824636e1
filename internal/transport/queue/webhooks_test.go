package queue

import (
	"strings"
	"testing"

	"github.com/spark-games/spark/models"
)

func FuzzReadWebhook(f *testing.F) {
	f.Add([]byte(`{"delivery":"`+models.WebhookDeliveryPrefix+models.NewID()+`","no":1}`), webhooksSlow)
	f.Add([]byte(`{"delivery":"x","no":0}`), webhooksPrompt)
	f.Fuzz(func(t *testing.T, body []byte, queue string) {
		d, err := readWebhook(body, queue)
		if err == nil && (d.No < 1 || !models.ValidWebhookID(models.WebhookDeliveryPrefix, d.DeliveryID) || d.Slow != strings.HasSuffix(queue, webhooksSlow)) {
			t.Fatalf("%q became %+v", body, d)
		}
	})
}
