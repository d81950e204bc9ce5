// Package apiv1 holds the models of the HTTP API, generated from
// api/openapi.yaml. They are plain data without behaviour; package wire
// translates between them and the engine's types.
package apiv1

//go:generate go tool oapi-codegen -config oapi-codegen.yaml ../openapi.yaml
