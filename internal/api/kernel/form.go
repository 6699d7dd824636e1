package kernel

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"

	"github.com/spark-games/spark/models"
)

// FormFile reads the only file of a form, and makes sure that nothing follows it.
type FormFile struct {
	form *multipart.Reader
	part *multipart.Part
}

// OnlyFile finds the file of a form that has nothing else. Its field is called "file".
func OnlyFile(form *multipart.Reader) (*FormFile, error) {
	part, err := form.NextPart()
	if err != nil {
		return nil, formError(err)
	}
	if part.FormName() != "file" {
		return nil, models.NewError(models.CodeInvalidRequest, "the form's only field is the file")
	}
	return &FormFile{form: form, part: part}, nil
}

// Name is the file's name, or "".
func (f *FormFile) Name() string { return f.part.FileName() }

// MediaType is what the form says that the file is, or "".
func (f *FormFile) MediaType() string { return f.part.Header.Get("Content-Type") }

// Read implements io.Reader.
func (f *FormFile) Read(b []byte) (int, error) {
	n, err := f.part.Read(b)
	switch {
	case err == nil:
		return n, nil
	case !errors.Is(err, io.EOF):
		return n, formError(err)
	}
	switch _, next := f.form.NextPart(); {
	case errors.Is(next, io.EOF):
		return n, io.EOF
	case next == nil:
		return n, models.NewError(models.CodeInvalidRequest, "the form has more than its file")
	default:
		return n, formError(next)
	}
}

// maxComparedParts is of how many parts a form may have that is compared by them. No operation takes more than one.
const maxComparedParts = 16

// formDigest is a digest of the parts of a form, with which it is the same form whatever its boundary is: clients choose another for each
// repetition. It is nil for what is no form, or is one that cannot be read.
func formDigest(contentType string, body io.Reader) []byte {
	media, parameters, err := mime.ParseMediaType(contentType)
	if err != nil || media != "multipart/form-data" || parameters["boundary"] == "" {
		return nil
	}
	form, digest := multipart.NewReader(body, parameters["boundary"]), sha256.New()
	for i := range maxComparedParts + 1 {
		part, err := form.NextPart()
		switch {
		case err == io.EOF && i > 0: // and not within another error, of a body that breaks off
			return digest.Sum(nil)
		case err != nil:
			return nil
		}
		content := sha256.New()
		if _, err := io.Copy(content, part); err != nil {
			return nil
		}
		fmt.Fprintf(digest, "%q %q %q %x\n", part.FormName(), part.FileName(), part.Header.Get("Content-Type"), content.Sum(nil))
	}
	return nil
}

// formError is of a form that cannot be read, unless its body has an error of its own.
func formError(err error) error {
	if _, ok := errors.AsType[*models.Error](err); ok {
		return err
	}
	return models.WrapError(models.CodeInvalidRequest, "the body is not a form", err)
}
