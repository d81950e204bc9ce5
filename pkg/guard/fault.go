package guard

import (
	"errors"
	"runtime"
	"runtime/debug"
)

// ErrInternal is what errors.Is finds in the error of a check that failed
// because of a mistake of the engine and not of the input; see FaultError.
var ErrInternal = errors.New("a fault inside the engine")

// A FaultError is a panic of the engine that Check or Traps turned into an error:
// no decision was made, and what is to become of the reply is for the caller
// to say. It quotes nothing of the input. errors.Is(f, ErrInternal) holds.
type FaultError struct {
	Cause runtime.Error // what the runtime says; nil for any other panic
	Stack []byte        // of the goroutine, as debug.Stack formats it
}

// Error says that it is an internal fault, and no more.
func (f *FaultError) Error() string { return ErrInternal.Error() }

// Unwrap returns ErrInternal.
func (f *FaultError) Unwrap() error { return ErrInternal }

// contain turns a panic into a *FaultError in err. It has to be deferred itself.
func contain(err *error) {
	p := recover()
	if p == nil {
		return
	}
	f := &FaultError{Stack: debug.Stack()}
	f.Cause, _ = p.(runtime.Error) // any other value may hold what was said
	*err = f
}
