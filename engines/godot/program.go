package godot

import (
	"debug/elf"
	"errors"
	"io"
)

// checkProgram reports whether data is a program for Linux: an ELF file for 64 bits with something to execute.
func checkProgram(data io.ReaderAt, size int64) error {
	f, err := elf.NewFile(data)
	if err != nil {
		return errors.New("it is no program for Linux")
	}
	switch {
	case f.Class != elf.ELFCLASS64 || f.Type != elf.ET_EXEC && f.Type != elf.ET_DYN:
		return errors.New("it is no program of 64 bits")
	case f.Machine != elf.EM_X86_64 && f.Machine != elf.EM_AARCH64:
		return errors.New("it is a program for another machine")
	}
	for _, p := range f.Progs {
		if p.Type == elf.PT_LOAD && p.Flags&elf.PF_X != 0 && p.Off <= uint64(size) && p.Filesz <= uint64(size)-p.Off && p.Filesz > 0 {
			return nil
		}
	}
	return errors.New("it is cut off")
}
