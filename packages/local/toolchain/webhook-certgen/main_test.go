package main

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
)

// objects is a fake API server: it keeps what is posted and put, by path, and knows no rules but "exists already".
type objects map[string][]byte

func (o objects) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	stored, exists := o[r.URL.Path]
	switch r.Method {
	case http.MethodGet:
		if !exists {
			w.WriteHeader(http.StatusNotFound)
		}
		w.Write(stored)
	case http.MethodPut:
		o[r.URL.Path] = body
		w.Write(body)
	case http.MethodPost:
		var object struct{ Metadata struct{ Name string } }
		json.Unmarshal(body, &object)
		o[r.URL.Path+"/"+object.Metadata.Name] = body
		w.WriteHeader(http.StatusCreated)
		w.Write(body)
	}
}

func (o objects) client(t *testing.T) *client {
	server := httptest.NewServer(o)
	t.Cleanup(server.Close)
	return &client{base: server.URL, http: server.Client()}
}

const secretPath = "/api/v1/namespaces/vela-system/secrets/admission"

var webhook = settings{
	hosts: "webhook,webhook.vela-system.svc", namespace: "vela-system", secretName: "admission",
	certName: "tls.crt", keyName: "tls.key", webhookName: "admission",
	failurePolicy: "Fail", patchValidating: true, patchMutating: true,
}

func TestCreateMakesACertificateThatItsAuthoritySigned(t *testing.T) {
	store := objects{}
	if err := create(store.client(t), webhook); err != nil {
		t.Fatal(err)
	}
	var secret struct{ Data map[string][]byte }
	if err := json.Unmarshal(store[secretPath], &secret); err != nil {
		t.Fatal(err)
	}
	pair, err := tls.X509KeyPair(secret.Data["tls.crt"], secret.Data["tls.key"])
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(secret.Data["ca"])
	for _, host := range []string{"webhook", "webhook.vela-system.svc"} {
		if _, err := pair.Leaf.Verify(x509.VerifyOptions{Roots: roots, DNSName: host}); err != nil {
			t.Error(err)
		}
	}
}

func TestCreateKeepsACertificateThatIsThere(t *testing.T) {
	store := objects{secretPath: []byte(`{"data":{"ca":"b2xk"}}`)}
	if err := create(store.client(t), webhook); err != nil {
		t.Fatal(err)
	}
	if string(store[secretPath]) != `{"data":{"ca":"b2xk"}}` {
		t.Errorf("it became %s", store[secretPath])
	}
}

func TestPatchWritesTheAuthorityIntoEveryWebhookAndKeepsTheRest(t *testing.T) {
	path := "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/admission"
	authority := base64.StdEncoding.EncodeToString([]byte("authority"))
	store := objects{
		secretPath: []byte(`{"data":{"ca":"` + authority + `"}}`),
		path:       []byte(`{"webhooks":[{"name":"a","clientConfig":{"service":{"name":"s"}}},{"name":"b","clientConfig":{}}]}`),
	}
	// There is no mutating configuration, which is no error: KubeVela's chart can switch it off.
	if err := patch(store.client(t), webhook); err != nil {
		t.Fatal(err)
	}
	want := `{"webhooks":[{"clientConfig":{"caBundle":"` + authority + `","service":{"name":"s"}},"failurePolicy":"Fail","name":"a"},` +
		`{"clientConfig":{"caBundle":"` + authority + `"},"failurePolicy":"Fail","name":"b"}]}`
	if string(store[path]) != want {
		t.Errorf("it became %s", store[path])
	}
}

func TestPatchWithoutASecretIsAnError(t *testing.T) {
	if err := patch(objects{}.client(t), webhook); !isStatus(err, http.StatusNotFound) {
		t.Errorf("got %v", err)
	}
}

func TestAnUnknownVerbIsAnError(t *testing.T) {
	if err := run([]string{"destroy"}); err == nil {
		t.Error("it ran")
	}
}
