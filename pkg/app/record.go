package app

import (
	"io"
	"os"

	"gopkg.in/natefinch/lumberjack.v2"

	"github.com/replyguard/replyguard/pkg/config"
	"github.com/replyguard/replyguard/pkg/internal/audit"
)

// newRecorder builds the record of decisions; out is the sink for stdout.
func newRecorder(cfg *config.Config, out io.Writer, o audit.Observer) *audit.Recorder {
	return audit.New(audit.Options{
		Sink:        newSink(cfg.Audit, out),
		Text:        audit.ParseText(cfg.Audit.Text),
		SampleAllow: cfg.Audit.SampleAllow,
		Queue:       cfg.Audit.Queue,
		HashKey:     []byte(cfg.Audit.HashKey),
		Keep:        cfg.Events.Keep,
		Observer:    o,
	})
}

// newSink returns where the decision log goes; nil is nowhere.
func newSink(c config.Audit, out io.Writer) io.Writer {
	switch c.Sink {
	case "stdout":
		if out == nil {
			out = os.Stdout
		}
		return struct{ io.Writer }{out} // not ours to close
	case "file":
		return &lumberjack.Logger{
			Filename: c.Path, MaxSize: c.MaxMB, MaxBackups: c.MaxFiles, MaxAge: c.MaxDays, Compress: c.Compress,
		}
	}
	return nil
}
