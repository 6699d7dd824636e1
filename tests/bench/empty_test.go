//go:build linux

package bench

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"errors"
	"fmt"
	"runtime"
)

// emptyProgram is a program that exits immediately and does nothing else. It has no language runtime, so running it takes the
// minimum time that running any program takes.
func emptyProgram() ([]byte, error) {
	var code []byte
	var machine elf.Machine
	switch runtime.GOARCH {
	case "amd64": // xor edi, edi; mov eax, 60; syscall
		code, machine = []byte{0x31, 0xff, 0xb8, 60, 0, 0, 0, 0x0f, 0x05}, elf.EM_X86_64
	case "arm64": // mov x0, 0; mov x8, 93; svc 0
		code, machine = []byte{0x00, 0x00, 0x80, 0xd2, 0xa8, 0x0b, 0x80, 0xd2, 0x01, 0x00, 0x00, 0xd4}, elf.EM_AARCH64
	default:
		return nil, fmt.Errorf("there is no empty program for %s", runtime.GOARCH)
	}
	const address = 0x400000
	head := elf.Header64{Ident: [elf.EI_NIDENT]byte{0x7f, 'E', 'L', 'F', byte(elf.ELFCLASS64), byte(elf.ELFDATA2LSB), byte(elf.EV_CURRENT)},
		Type: uint16(elf.ET_EXEC), Machine: uint16(machine), Version: uint32(elf.EV_CURRENT), Phnum: 1}
	var segment elf.Prog64
	head.Ehsize, head.Phentsize = uint16(binary.Size(head)), uint16(binary.Size(segment))
	head.Phoff = uint64(head.Ehsize)
	start := head.Phoff + uint64(head.Phentsize)
	head.Entry = address + start
	size := start + uint64(len(code))
	segment = elf.Prog64{Type: uint32(elf.PT_LOAD), Flags: uint32(elf.PF_R | elf.PF_X), Vaddr: address, Paddr: address,
		Filesz: size, Memsz: size, Align: 0x10000}
	var b bytes.Buffer
	err := errors.Join(binary.Write(&b, binary.LittleEndian, head), binary.Write(&b, binary.LittleEndian, segment))
	return append(b.Bytes(), code...), err
}
