package models

// Scope is what a caller may do. Every operation of the API declares the one that it needs; internal/identity/auth lists them.
type Scope string
