package people

import (
	"context"

	"github.com/spark-games/spark/internal/identity/signin"
	"github.com/spark-games/spark/models"
)

// SignIn stores who has signed in, with their new session, in the place of the one that the browser had.
func (s *Service) SignIn(ctx context.Context, who *signin.Person, session *models.Session, before []byte) (*models.User, error) {
	session.SID = who.SID
	return s.Store.SignIn(ctx, models.SignIn{Issuer: who.Issuer, Subject: who.Subject, Email: who.Email, EmailVerified: who.EmailVerified, Name: who.Name,
		Granted: who.Granted, Session: session, Before: before})
}

// Sessions lists a user's sessions.
func (s *Service) Sessions(ctx context.Context, userID string, p models.Page) ([]models.Session, error) {
	return s.Store.Sessions(ctx, userID, s.Idle, p)
}

// EndSession signs a user out in one browser.
func (s *Service) EndSession(ctx context.Context, userID, id string) error {
	return s.Store.EndSession(ctx, userID, id)
}

// EndSessions signs a user out everywhere.
func (s *Service) EndSessions(ctx context.Context, userID string) error {
	return s.Store.EndSessionsOf(ctx, userID)
}

// LoggedOut ends the sessions that a provider has ended.
func (s *Service) LoggedOut(ctx context.Context, l *signin.Logout) error {
	return s.Store.EndSessionsAt(ctx, l.Issuer, l.Subject, l.SID)
}
