// Command capsule-proxy-standin stands in for capsule-proxy, which is not to be had as a Go module.
//
// It is a TLS door to the API server for tenants, in the same place and with the same flags, ports and health checks.
// It authenticates nobody and hides nothing: every request goes on with the caller's own bearer token, and the API
// server decides. So a tenant may do exactly what its RBAC allows, but cluster-wide lists, which the real capsule-proxy
// answers with the tenant's own part, are refused here.
package main

import (
	"context"
	"crypto/tls"
	"errors"
	"flag"
	"fmt"
	"log"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"
)

// The real one's health port is fixed, too.
const healthAddress = ":8081"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("capsule-proxy-standin", flag.ContinueOnError)
	port := flags.Int("listening-port", 9001, "port of the proxy")
	certFile := flags.String("ssl-cert-path", "", "serving certificate; without one a self-signed one is made at start")
	keyFile := flags.String("ssl-key-path", "", "private key of the serving certificate")
	names := flags.String("self-signed-names", "capsule-proxy", "names in the self-signed certificate, separated by commas")
	if err := flags.Parse(args); err != nil {
		return err
	}
	certificates, err := servingCertificates(*certFile, *keyFile, strings.Split(*names, ","))
	if err != nil {
		return err
	}
	proxy, err := inClusterProxy()
	if err != nil {
		return err
	}
	log.Printf("capsule-proxy-standin: passing requests on to the API server, port %d", *port)
	return serve(ctx,
		&http.Server{Addr: healthAddress, Handler: health(), ReadHeaderTimeout: 10 * time.Second},
		&http.Server{
			Addr:              fmt.Sprintf(":%d", *port),
			Handler:           proxy,
			ReadHeaderTimeout: 10 * time.Second,
			// HTTP/1.1 only: exec and port-forward upgrade their connection.
			TLSConfig:    &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: certificates, NextProtos: []string{"http/1.1"}},
			TLSNextProto: map[string]func(*http.Server, *tls.Conn, http.Handler){},
		},
	)
}

func health() http.Handler {
	mux := http.NewServeMux()
	for _, path := range []string{"/healthz", "/healthz/", "/readyz", "/readyz/"} {
		mux.HandleFunc(path, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	}
	return mux
}

// serve runs both servers until the context ends or one of them fails.
func serve(ctx context.Context, plain, secure *http.Server) error {
	failed := make(chan error, 2)
	go func() { failed <- plain.ListenAndServe() }()
	go func() { failed <- secure.ListenAndServeTLS("", "") }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
		deadline, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		// Watches never end by themselves; after the deadline they are cut.
		if err := secure.Shutdown(deadline); errors.Is(err, context.DeadlineExceeded) {
			secure.Close()
		}
		return plain.Shutdown(deadline)
	}
}
