// Package godot is the adapter of the Godot engine, as Debian packages it: the headless server imports and packs a
// project, and the runner, with the pack beside it, is the game.
package godot

import (
	"io"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/engines/starter"
	"github.com/spark-games/spark/models"
)

// Version of Godot that Debian 12 has.
const Version = "3.2.3"

// The programs, and the packages of Debian that have them.
const (
	server = "godot3-server"
	runner = "/usr/bin/godot3-runner"
)

// Engine is the adapter. Its zero value is ready.
type Engine struct{}

// Info implements engines.Engine.
func (Engine) Info() engines.Info {
	return engines.Info{Name: "godot", Title: "Godot", Version: Version, Outputs: []string{"linux", "pck"}, Guide: guide,
		Marks: []engines.Mark{{File: "project.godot"}}}
}

const guide = `- The project is one of Godot 3.2: project.godot at the root with config_version=4 and run/main_scene, scenes as .tscn
  (format=2), scripts in GDScript 3.2 (extends, onready var, export var, yield, connect("signal", self, "method"); no await, no
  @annotations, no typed lambdas, nothing else of Godot 4). Indent with tabs.
- Use the GLES2 renderer: quality/driver/driver_name="GLES2" in the [rendering] section.
- Everything that a scene or a script names by res:// is one of the project's files. Draw with _draw, Polygon2D and Line2D, and
  make sound with AudioStreamGenerator or AudioStreamSample: there are no pictures and no sounds but those you write.
- Set keys up in code with InputMap, or read them with Input.is_key_pressed. Texts need a font: Label has one by default.
- There is no export_presets.cfg to write: the platform exports. Every script is parsed and every scene loaded, and the main
  scene is started without a screen: a mistake in any of them fails the build.
`

// Toolchain implements engines.Engine. There is nothing to install but Debian's packages.
func (Engine) Toolchain() engines.Toolchain {
	return engines.Toolchain{Programs: []string{server, runner}}
}

// Image implements engines.Engine.
func (Engine) Image() engines.Image {
	return engines.Image{Base: engines.Debian, Suite: "bookworm", Packages: []string{server, "godot3-runner"}, Leave: []string{
		"/etc", "/var", "/home", "/root", "/boot", "/media", "/mnt", "/opt", "/run", "/srv", "/sbin", "/usr/sbin",
		"/usr/share", "/usr/include", "/usr/games", "/usr/src", "/usr/local",
		// Of the programs only the engine's two: there is no shell and no tool
		"/usr/bin/[a-fh-z]*", "/usr/bin/[A-Z[]*", "/usr/bin/g[a-np-z]*", "*.a", "*.la", "gconv", "locale",
		// The runner's libraries: it is copied there and not run. The server draws nothing and plays nothing.
		"dri", "gallium-pipe", "pulseaudio", "libLLVM-*", "libicu*", "libz3*", "libxml2*", "libGL*", "libgl*", "libdrm*", "libgbm*",
		"libasound*", "libpulse*", "libsndfile*", "libFLAC*", "libmp3lame*", "libmpg123*", "libvorbisenc*", "libtheora.*", "libtheoraenc*",
		"libbrotlienc*", "libdbus-*", "libsystemd*", "libgcrypt*", "libgpg-error*", "libedit*", "libelf*", "libsensors*", "libzstd*",
		"liblz4*", "liblzma*", "libtinfo*", "libxcb-glx*", "libxcb-dri*", "libasyncns*", "libapparmor*", "libcap*", "libpsx*",
		"libmvec*", "libthread_db*", "libnss_*", "libmemusage*", "libpcprofile*", "libexpatw*", "perl*", "systemd", "security",
	}}
}

// Starter implements engines.Engine.
func (Engine) Starter(d engines.Design) ([]models.File, error) { return starterFiles(d) }

// DesignFile implements engines.Designed.
func (Engine) DesignFile(files []models.File) (engines.DesignFile, error) {
	return starter.OpenDesign(files, starter.GDScript, []string{"README.md", settingsName}, "design.gd")
}

// Plan implements engines.Engine.
func (Engine) Plan(req engines.BuildRequest) (engines.Plan, error) {
	if !req.Mode.Valid() {
		return engines.Plan{}, models.FieldError("/mode", "mode must be \"preview\" or \"release\"")
	}
	if err := models.CheckFiles(req.Files); err != nil {
		return engines.Plan{}, err
	}
	p, err := inspect(req.Files)
	if err != nil {
		return engines.Plan{}, err
	}
	return p.plan(req), nil
}

// Verify implements engines.Engine.
func (Engine) Verify(req engines.BuildRequest, outputs engines.Outputs) error {
	files := outputs.Manifest()
	if err := models.CheckPaths(files.Paths()); err != nil {
		return invalid("a file's name is refused: " + models.AsError(err).Message)
	}
	pack, ok := files.Find(packName)
	if _, readme := files.Find(readmeName); !ok || !readme {
		return invalid("it needs " + packName + " and " + readmeName)
	}
	if err := checkFile(outputs, pack, checkPack); err != nil {
		return err
	}
	if req.Mode != engines.Release {
		return nil
	}
	program, ok := files.Find(programName)
	if !ok {
		return invalid("it needs " + programName)
	}
	return checkFile(outputs, program, checkProgram)
}

// checkFile judges a file by its content.
func checkFile(outputs engines.Outputs, f models.ManifestEntry, content func(data io.ReaderAt, size int64) error) error {
	c, err := outputs.Open(f.Path)
	if err != nil {
		return err
	}
	defer c.Close()
	if err := content(c, f.Size); err != nil {
		return invalid(f.Path + ": " + err.Error())
	}
	return nil
}

func invalid(why string) error {
	return models.NewError(models.CodeInvalidOutput, "the build's output is not a game made with Godot: "+why)
}
