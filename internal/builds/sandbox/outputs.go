package sandbox

import (
	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/models"
)

// outputs are what a sink has taken of a job.
type outputs struct {
	files models.Manifest
	sink  engines.Sink
}

func (o outputs) Manifest() models.Manifest { return o.files }

func (o outputs) Open(path string) (engines.Content, error) { return o.sink.Open(path) }
