// Package auth makes and checks API keys.
//
// A key is "spark_", 32 random base62 characters (190 bits) and a CRC-32 of all before it in 6 base62 characters. The
// checksum detects mistyped keys, and texts that a scanner takes for keys, without a look-up. Keys are stored as an HMAC
// with the platform's pepper: their entropy makes slow hashing pointless, and the pepper makes a stolen table useless.
package auth

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"hash/crc32"
	"math/big"
	"strings"
)

const (
	keyPrefix   = "spark_"
	secretChars = 32
	sumChars    = 6
	keyChars    = len(keyPrefix) + secretChars + sumChars
	shownChars  = len(keyPrefix) + 6 // what Prefix shows of a key
)

const base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

// NewKey makes a key and the prefix that people recognize it by.
func NewKey() (plain, prefix string) {
	secret := make([]byte, 0, keyChars)
	secret = append(secret, keyPrefix...)
	for range secretChars {
		n, err := rand.Int(rand.Reader, big.NewInt(int64(len(base62))))
		if err != nil {
			panic("auth: the system has no randomness: " + err.Error()) // crypto/rand promises not to fail
		}
		secret = append(secret, base62[n.Int64()])
	}
	plain = string(secret) + checksum(string(secret))
	return plain, plain[:shownChars]
}

// Prefix is the part of a valid key that people recognize it by.
func Prefix(plain string) string { return plain[:shownChars] }

// Valid reports whether plain has the form of a key and a correct checksum. It does not say that the key exists.
func Valid(plain string) bool {
	if len(plain) != keyChars || !strings.HasPrefix(plain, keyPrefix) {
		return false
	}
	body, sum := plain[:keyChars-sumChars], plain[keyChars-sumChars:]
	for _, c := range body[len(keyPrefix):] {
		if !strings.ContainsRune(base62, c) {
			return false
		}
	}
	return subtle.ConstantTimeCompare([]byte(sum), []byte(checksum(body))) == 1
}

// Hash is the stored form of a key: HMAC-SHA256 with the pepper.
func Hash(pepper []byte, plain string) []byte {
	mac := hmac.New(sha256.New, pepper)
	mac.Write([]byte(plain))
	return mac.Sum(nil)
}

// PepperCheck identifies a pepper without revealing it. No key has this text, so it is no key's hash.
func PepperCheck(pepper []byte) []byte { return Hash(pepper, "spark pepper check 1") }

func checksum(s string) string {
	n := crc32.ChecksumIEEE([]byte(s))
	var out [sumChars]byte
	for i := sumChars - 1; i >= 0; i-- {
		out[i] = base62[n%62]
		n /= 62
	}
	return string(out[:])
}
