package app

import (
	"io"
	"time"

	"github.com/rs/zerolog"
	"gopkg.in/natefinch/lumberjack.v2"

	"github.com/replyguard/replyguard/pkg/config"
)

// NewLog builds the service's log as c says. It writes to stderr where c names
// no file; terminal says whether a person watches that. done closes the file.
func NewLog(c config.Log, stderr io.Writer, terminal bool) (log zerolog.Logger, done func()) {
	out, done := stderr, func() {}
	if c.Path != "" {
		file := &lumberjack.Logger{Filename: c.Path, MaxSize: 100, MaxBackups: 5}
		out, done, terminal = file, func() { _ = file.Close() }, false
	}
	if c.Format == "console" || c.Format == "auto" && terminal {
		out = zerolog.ConsoleWriter{Out: out, TimeFormat: time.TimeOnly, NoColor: !terminal}
	}
	level, err := zerolog.ParseLevel(c.Level)
	if err != nil {
		level = zerolog.InfoLevel
	}
	return zerolog.New(zerolog.SyncWriter(out)).Level(level).With().Timestamp().Logger(), done
}
