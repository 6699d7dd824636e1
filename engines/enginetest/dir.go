package enginetest

import (
	"os"
	"path/filepath"
	"testing"
)

// ToolchainDir is the folder where tests keep installed toolchains, shared by all of them and kept between runs:
// SPARK_TOOLCHAIN_DIR, or a folder in the user's cache.
func ToolchainDir(tb testing.TB) string {
	tb.Helper()
	if dir := os.Getenv("SPARK_TOOLCHAIN_DIR"); dir != "" {
		return dir
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		tb.Fatalf("no place to keep toolchains (set SPARK_TOOLCHAIN_DIR): %v", err)
	}
	return filepath.Join(cache, "spark", "toolchains")
}
