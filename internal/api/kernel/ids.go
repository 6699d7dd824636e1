package kernel

import "github.com/spark-games/spark/models"

// KnownID refuses what cannot be the id of anything, before a database has to.
func KnownID(id, what string) error {
	if !models.ValidID(id) {
		return models.NewError(models.CodeNotFound, "no such "+what)
	}
	return nil
}

// prefixes begin the ids of some kinds of resources.
var prefixes = map[models.ResourceKind]string{models.ResourceWebhook: models.WebhookEndpointPrefix, models.ResourceDelivery: models.WebhookDeliveryPrefix}

// validID reports whether an id can be that of a resource.
func validID(kind models.ResourceKind, id string) bool {
	if prefix, ok := prefixes[kind]; ok {
		return models.ValidWebhookID(prefix, id)
	}
	return models.ValidID(id)
}

// FilterID reads an optional id of a filter.
func FilterID(name string, id *string) (string, error) {
	if id == nil {
		return "", nil
	}
	if !models.ValidID(*id) {
		return "", ParameterError(name, "not an id")
	}
	return *id, nil
}

// FilterKind reads an optional kind of a filter.
func FilterKind(kind *models.Kind) (models.Kind, error) {
	if kind == nil {
		return "", nil
	}
	if !kind.Known() {
		e := ParameterError("kind", "the kind is generation, build, export, analytics or approval")
		e.Code = models.CodeUnknownKind
		return "", e
	}
	return *kind, nil
}
