package main

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
)

const authorityFile = "/var/run/secrets/kubernetes.io/serviceaccount/ca.crt"

// inClusterProxy passes requests on to the API server of the cluster it runs in. The pod's own ServiceAccount token is
// never read: a request without credentials stays one.
func inClusterProxy() (http.Handler, error) {
	authority, err := os.ReadFile(authorityFile)
	if err != nil {
		return nil, fmt.Errorf("this runs in a pod, with a ServiceAccount: %w", err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(authority)
	target := &url.URL{
		Scheme: "https",
		Host:   net.JoinHostPort(os.Getenv("KUBERNETES_SERVICE_HOST"), os.Getenv("KUBERNETES_SERVICE_PORT")),
	}
	return proxyTo(target, roots), nil
}

func proxyTo(target *url.URL, roots *x509.CertPool) http.Handler {
	return &httputil.ReverseProxy{
		Rewrite: func(request *httputil.ProxyRequest) {
			request.SetURL(target)
			request.SetXForwarded()
		},
		// Watches and followed logs are flushed at once.
		FlushInterval: -1,
		Transport: &http.Transport{
			TLSClientConfig: &tls.Config{RootCAs: roots},
			// A custom TLS configuration keeps this HTTP/1.1, which upgraded connections need.
			MaxIdleConnsPerHost: 32,
		},
	}
}
