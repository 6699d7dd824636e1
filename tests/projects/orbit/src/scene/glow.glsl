// a mark that the test looks for: GLOW
