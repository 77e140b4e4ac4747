package main

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"
)

// apiServer is a TLS server in the API server's place, and a proxy in front of it.
func apiServer(t *testing.T, handler http.HandlerFunc) *httptest.Server {
	t.Helper()
	api := httptest.NewTLSServer(handler)
	t.Cleanup(api.Close)
	target, err := url.Parse(api.URL)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(api.Certificate())
	proxy := httptest.NewServer(proxyTo(target, roots))
	t.Cleanup(proxy.Close)
	return proxy
}

func get(t *testing.T, target string, header http.Header) *http.Response {
	t.Helper()
	request, err := http.NewRequest(http.MethodGet, target, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header = header
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { response.Body.Close() })
	return response
}

func TestCallerTokenGoesOnUnchanged(t *testing.T) {
	proxy := apiServer(t, func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "%s %s", r.URL.RequestURI(), r.Header.Get("Authorization"))
	})
	response := get(t, proxy.URL+"/api/v1/namespaces?limit=1", http.Header{"Authorization": {"Bearer mine"}})
	body, _ := io.ReadAll(response.Body)
	if string(body) != "/api/v1/namespaces?limit=1 Bearer mine" {
		t.Errorf("the API server got %q", body)
	}
}

func TestRequestWithoutTokenGetsNone(t *testing.T) {
	proxy := apiServer(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") == "" {
			w.WriteHeader(http.StatusUnauthorized)
		}
	})
	if response := get(t, proxy.URL+"/api", nil); response.StatusCode != http.StatusUnauthorized {
		t.Errorf("answered %s", response.Status)
	}
}

func TestWatchArrivesEventByEvent(t *testing.T) {
	next := make(chan struct{})
	proxy := apiServer(t, func(w http.ResponseWriter, _ *http.Request) {
		for event := 1; event <= 2; event++ {
			fmt.Fprintln(w, event)
			w.(http.Flusher).Flush()
			<-next
		}
	})
	lines := bufio.NewScanner(get(t, proxy.URL+"/watch", nil).Body)
	for event := 1; event <= 2; event++ {
		// The server goes on only after the line has come through.
		if !lines.Scan() || lines.Text() != fmt.Sprint(event) {
			t.Fatalf("event %d: got %q, %v", event, lines.Text(), lines.Err())
		}
		next <- struct{}{}
	}
}

func TestSelfSignedCertificateNamesHostsAndAddresses(t *testing.T) {
	pair, err := selfSigned([]string{"capsule-proxy", "10.0.0.1"}, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	certificate, err := x509.ParseCertificate(pair.Certificate[0])
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"capsule-proxy", "10.0.0.1"} {
		if err := certificate.VerifyHostname(name); err != nil {
			t.Error(err)
		}
	}
}

func TestMissingCertificateFileStopsTheStart(t *testing.T) {
	if _, err := servingCertificates("/nowhere/tls.crt", "/nowhere/tls.key", nil); err == nil {
		t.Error("it started")
	}
	if source, err := servingCertificates("", "", []string{"localhost"}); err != nil {
		t.Error(err)
	} else if pair, err := source(&tls.ClientHelloInfo{}); err != nil || pair == nil {
		t.Errorf("no certificate of its own: %v", err)
	}
}
