package wire

import (
	"bytes"
	"errors"
	"reflect"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// decode reads exactly one JSON document of body into v, a pointer to a
// struct. Duplicate names, known names in another case, bytes after the
// document and invalid UTF-8 are errors; unknown names are ignored. After an
// error v must not be read.
func decode(body []byte, v any) error {
	err := json.Unmarshal(body, v, json.RejectUnknownMembers(true))
	if err == nil {
		return nil
	}
	if !utf8.Valid(body) { // which is an error in any case, and the one to tell
		return &Error{Code: CodeInvalidUTF8, Detail: "the body is not valid UTF-8"}
	}
	if errors.Is(err, json.ErrUnknownName) {
		// The rare path: look at the unknown names, then decode without them.
		if err := checkCase(body, reflect.TypeOf(v)); err != nil {
			return err
		}
		zero := reflect.ValueOf(v).Elem()
		zero.SetZero()
		err = json.Unmarshal(body, v)
	}
	if err != nil {
		return describe(err)
	}
	return nil
}

// describe turns an error of the JSON package into one that names neither Go
// types nor values of the body.
func describe(err error) error {
	if semantic, ok := errors.AsType[*json.SemanticError](err); ok {
		detail := "has the wrong type or form"
		if kind := kindName(semantic.JSONKind); kind != "" {
			detail += ": it is " + kind
		}
		return &Error{Code: CodeInvalidField, Pointer: string(semantic.JSONPointer), Detail: detail}
	}
	if syntactic, ok := errors.AsType[*jsontext.SyntacticError](err); ok {
		e := &Error{Code: CodeInvalidJSON, Pointer: string(syntactic.JSONPointer), Detail: "the body is not one JSON document"}
		if errors.Is(err, jsontext.ErrDuplicateName) {
			e.Code, e.Detail = CodeDuplicateName, "the name occurs twice in its object"
		}
		return e
	}
	return &Error{Code: CodeInvalidJSON, Detail: "the body is not one JSON document"}
}

// kindName says in words what JSON value k is, "" where that is not known.
func kindName(k jsontext.Kind) string {
	switch k {
	case jsontext.KindNull:
		return "null"
	case jsontext.KindTrue, jsontext.KindFalse:
		return "a boolean"
	case jsontext.KindString:
		return "a string"
	case jsontext.KindNumber:
		return "a number"
	case jsontext.KindBeginObject:
		return "an object"
	case jsontext.KindBeginArray:
		return "an array"
	default:
		return ""
	}
}

// checkCase reports the first member name in body that differs only in case
// from a name of t, and any name that occurs twice.
func checkCase(body []byte, t reflect.Type) error {
	d := jsontext.NewDecoder(bytes.NewReader(body))
	if err := walk(d, t); err != nil {
		if e, ok := errors.AsType[*Error](err); ok {
			return e
		}
		return describe(err)
	}
	return nil
}

// walk reads the next value of d, which belongs to type t; a nil t has no
// known names.
func walk(d *jsontext.Decoder, t reflect.Type) error {
	for t != nil && t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	token, err := d.ReadToken()
	if err != nil {
		return err
	}
	switch token.Kind() {
	case jsontext.KindBeginObject:
		fields := fieldsOf(t)
		for d.PeekKind() != jsontext.KindEndObject {
			name, err := d.ReadToken()
			if err != nil {
				return err
			}
			key := name.String()
			next, known := fields[key]
			if !known && foldsTo(fields, key) {
				return &Error{Code: CodeWrongCase, Pointer: string(d.StackPointer()), Detail: "the name differs from a known one only in case"}
			}
			if err := walk(d, next); err != nil {
				return err
			}
		}
		_, err = d.ReadToken()
	case jsontext.KindBeginArray:
		for d.PeekKind() != jsontext.KindEndArray {
			if err := walk(d, elemOf(t)); err != nil {
				return err
			}
		}
		_, err = d.ReadToken()
	default: // a scalar has no names
	}
	return err
}

// fieldsOf returns the JSON names of struct type t with their types.
func fieldsOf(t reflect.Type) map[string]reflect.Type {
	if t == nil || t.Kind() != reflect.Struct {
		return nil
	}
	fields := make(map[string]reflect.Type, t.NumField())
	for f := range t.Fields() {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name != "" && name != "-" {
			fields[name] = f.Type
		}
	}
	return fields
}

func elemOf(t reflect.Type) reflect.Type {
	if t == nil || t.Kind() != reflect.Slice {
		return nil
	}
	return t.Elem()
}

func foldsTo(fields map[string]reflect.Type, key string) bool {
	for name := range fields {
		if strings.EqualFold(name, key) {
			return true
		}
	}
	return false
}
