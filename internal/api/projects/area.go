// Package projects is the API's area of projects, their revisions and their files: HTTP over internal/projects.
package projects

import (
	"github.com/spark-games/spark/internal/api/kernel"
	"github.com/spark-games/spark/internal/projects"
)

// Area answers the operations about projects. All are required.
type Area struct {
	Projects *projects.Service
	Blobs    kernel.Blobs
}
