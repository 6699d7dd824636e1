package models

import "bytes"

// programMagic begins a program for Linux, an ELF file.
var programMagic = []byte("\x7fELF")

// ProgramHead is the number of bytes from a file's beginning that IsProgram needs.
const ProgramHead = 4

// IsProgram reports whether a file is a Linux program, by its first bytes. Downloads of a build mark such files as
// executable, because stored files have no modes.
func IsProgram(head []byte) bool { return bytes.HasPrefix(head, programMagic) }
