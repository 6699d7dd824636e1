package godot

import (
	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/models"
)

func starter(d engines.Design) ([]models.File, error) { return nil, nil }
