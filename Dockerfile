# syntax=docker/dockerfile:1
# A static binary in an image without a shell, as an unprivileged user.
FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN --mount=type=cache,target=/go/pkg/mod go mod download
COPY api ./api
COPY cmd ./cmd
COPY configs ./configs
COPY pkg ./pkg
ARG VERSION=dev
RUN --mount=type=cache,target=/go/pkg/mod --mount=type=cache,target=/root/.cache/go-build \
    CGO_ENABLED=0 go build -trimpath -ldflags "-s -w -X github.com/replyguard/replyguard/pkg/ctl.version=${VERSION}" \
    -o /replyguard ./cmd/replyguard \
 && /replyguard rules test

FROM gcr.io/distroless/static-debian12:nonroot
COPY --from=build /replyguard /replyguard
COPY configs/replyguard.yaml /etc/replyguard/replyguard.yaml
# The memory limit belongs beside the container's own: see deploy/.
ENV REPLYGUARD_CONFIG=/etc/replyguard/replyguard.yaml
EXPOSE 8787
# Inside a container loopback reaches nobody, so the address is open here and
# tokens are needed: REPLYGUARD_ACCESS_TOKENS=name:SHA-256.
ENTRYPOINT ["/replyguard"]
CMD ["serve", "--listen", ":8787"]
