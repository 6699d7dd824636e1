// Package projects is the API's area of projects, their revisions and their files: HTTP over internal/projects.
package projects

import (
	"context"

	"github.com/spark-games/spark/internal/api/kernel"
	"github.com/spark-games/spark/internal/api/openapi"
	"github.com/spark-games/spark/internal/projects"
	"github.com/spark-games/spark/models"
)

// Area answers the operations about projects. All are required.
type Area struct {
	Projects *projects.Service
	Blobs    kernel.Blobs
	// Start submits the pipeline that makes a game of a new project from a prompt, together with the project.
	Start func(ctx context.Context, p *models.Project, prompt, endUser string) (openapi.Pipeline, error)
}
