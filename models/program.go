package models

import "bytes"

// programMagic begins a program for Linux, an ELF file.
var programMagic = []byte("\x7fELF")

// ProgramHead is how much of a file's beginning IsProgram needs, in bytes.
const ProgramHead = 4

// IsProgram tells by the beginning of a file whether it is a program for Linux. What is downloaded of a build marks it as
// one that may be run: files have no modes where they are stored.
func IsProgram(head []byte) bool { return bytes.HasPrefix(head, programMagic) }
