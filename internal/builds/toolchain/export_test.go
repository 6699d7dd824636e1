package toolchain

import "time"

// SetSilence shortens how long a registry may send nothing.
func (i *Installer) SetSilence(d time.Duration) { i.silence = d }
