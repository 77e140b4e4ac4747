// Command webhook-certgen stands in for kube-webhook-certgen, which is not to be had as a Go module. It has the two
// verbs that KubeVela's chart calls in its hook jobs:
//
//	create  makes a certificate for a webhook's host names and keeps it in a Secret, unless the Secret is there
//	patch   writes that certificate's authority into the webhook configurations, so that the API server trusts them
package main

import (
	"flag"
	"fmt"
	"net/http"
	"os"
	"strings"
	"time"
)

type settings struct {
	hosts, namespace, secretName, certName, keyName string
	webhookName, failurePolicy                      string
	patchValidating, patchMutating                  bool
}

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) == 0 {
		return fmt.Errorf("give a verb: create or patch")
	}
	settings, err := parse(args[0], args[1:])
	if err != nil {
		return err
	}
	api, err := inClusterClient()
	if err != nil {
		return err
	}
	switch args[0] {
	case "create":
		return create(api, settings)
	case "patch":
		return patch(api, settings)
	default:
		return fmt.Errorf("there is no verb %q: give create or patch", args[0])
	}
}

func parse(verb string, args []string) (settings, error) {
	var s settings
	flags := flag.NewFlagSet(verb, flag.ContinueOnError)
	flags.StringVar(&s.hosts, "host", "", "host names of the webhook, separated by commas")
	flags.StringVar(&s.namespace, "namespace", "", "namespace of the Secret")
	flags.StringVar(&s.secretName, "secret-name", "", "name of the Secret")
	flags.StringVar(&s.certName, "cert-name", "cert", "key of the certificate in the Secret")
	flags.StringVar(&s.keyName, "key-name", "key", "key of the private key in the Secret")
	flags.StringVar(&s.webhookName, "webhook-name", "", "name of the webhook configurations")
	flags.StringVar(&s.failurePolicy, "patch-failure-policy", "", "failure policy to set, Ignore or Fail")
	flags.BoolVar(&s.patchValidating, "patch-validating", true, "patch the validating configuration")
	flags.BoolVar(&s.patchMutating, "patch-mutating", true, "patch the mutating configuration")
	return s, flags.Parse(args)
}

func create(api *client, s settings) error {
	path := "/api/v1/namespaces/" + s.namespace + "/secrets"
	var existing map[string]any
	err := api.call(http.MethodGet, path+"/"+s.secretName, nil, &existing)
	if err == nil {
		fmt.Printf("Secret %s is there already.\n", s.secretName)
		return nil
	}
	if !isStatus(err, http.StatusNotFound) {
		return err
	}
	pair, err := issue(strings.Split(s.hosts, ","), time.Now())
	if err != nil {
		return err
	}
	secret := map[string]any{
		"apiVersion": "v1",
		"kind":       "Secret",
		"metadata":   map[string]any{"name": s.secretName, "namespace": s.namespace},
		"data":       map[string][]byte{"ca": pair.authority, s.certName: pair.certificate, s.keyName: pair.key},
	}
	err = api.call(http.MethodPost, path, secret, nil)
	// Another run of the job was first: its certificate is as good as ours.
	if isStatus(err, http.StatusConflict) {
		return nil
	}
	return err
}

func patch(api *client, s settings) error {
	var secret struct {
		Data map[string]string `json:"data"`
	}
	if err := api.call(http.MethodGet, "/api/v1/namespaces/"+s.namespace+"/secrets/"+s.secretName, nil, &secret); err != nil {
		return err
	}
	kinds := []string{}
	if s.patchValidating {
		kinds = append(kinds, "validatingwebhookconfigurations")
	}
	if s.patchMutating {
		kinds = append(kinds, "mutatingwebhookconfigurations")
	}
	for _, kind := range kinds {
		path := "/apis/admissionregistration.k8s.io/v1/" + kind + "/" + s.webhookName
		if err := patchConfiguration(api, path, secret.Data["ca"], s.failurePolicy); err != nil {
			return err
		}
	}
	return nil
}

// patchConfiguration reads and writes the whole object: the chart's role has get and update, not patch. Between the two
// somebody else may have written, so a conflict is tried again.
func patchConfiguration(api *client, path, authority, failurePolicy string) error {
	for attempt := 1; ; attempt++ {
		var configuration map[string]any
		err := api.call(http.MethodGet, path, nil, &configuration)
		if isStatus(err, http.StatusNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		webhooks, _ := configuration["webhooks"].([]any)
		for _, entry := range webhooks {
			webhook, _ := entry.(map[string]any)
			if target, ok := webhook["clientConfig"].(map[string]any); ok {
				target["caBundle"] = authority
			}
			if failurePolicy != "" {
				webhook["failurePolicy"] = failurePolicy
			}
		}
		err = api.call(http.MethodPut, path, configuration, nil)
		if err == nil || !isStatus(err, http.StatusConflict) || attempt == 5 {
			return err
		}
	}
}
