package secrets

import (
	"context"
	"encoding/json"
	"errors"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
)

// AWSOptions say where AWS Secrets Manager is. Credentials, and a region that is "", are found as AWS' own tools do.
type AWSOptions struct {
	Region, Endpoint string
}

// secretsManager reads secrets of AWS Secrets Manager: the whole text, or a field of a JSON object.
type secretsManager struct {
	opts AWSOptions

	mu     sync.Mutex
	client *secretsmanager.Client
}

func (s *secretsManager) fetch(ctx context.Context, name, field string) (value, error) {
	client, err := s.connected(ctx)
	if err != nil {
		return value{}, err
	}
	out, err := client.GetSecretValue(ctx, &secretsmanager.GetSecretValueInput{SecretId: aws.String(name)})
	if err != nil {
		return value{}, err
	}
	if out.SecretString == nil {
		return value{}, errors.New("it is binary")
	}
	if field == "" {
		return value{text: *out.SecretString}, nil
	}
	var fields map[string]any
	if json.Unmarshal([]byte(*out.SecretString), &fields) != nil { // its error would quote the secret
		return value{}, errors.New("it is no JSON object, which has fields")
	}
	text, err := fieldOf(fields, field)
	return value{text: text}, err
}

func (s *secretsManager) connected(ctx context.Context) (*secretsmanager.Client, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.client != nil {
		return s.client, nil
	}
	var with []func(*config.LoadOptions) error
	if s.opts.Region != "" {
		with = append(with, config.WithRegion(s.opts.Region))
	}
	loaded, err := config.LoadDefaultConfig(ctx, with...)
	if err != nil {
		return nil, err
	}
	s.client = secretsmanager.NewFromConfig(loaded, func(o *secretsmanager.Options) {
		if s.opts.Endpoint != "" {
			o.BaseEndpoint = aws.String(s.opts.Endpoint)
		}
	})
	return s.client, nil
}
