package live

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"

	"synchrony/reports/html"
)

//go:embed page.html.tmpl
var page string

//go:embed live.js
var script string

// render makes the page, and the policy that allows its own script alone, and no request but to this server.
func render() (content []byte, policy string, err error) {
	t, err := template.New("page").Parse(page)
	if err != nil {
		return nil, "", err
	}
	style, err := html.Style()
	if err != nil {
		return nil, "", err
	}
	elements, err := html.Elements()
	if err != nil {
		return nil, "", err
	}
	script := "(() => {\n\"use strict\";\n" + elements + script + "})();\n"
	var b bytes.Buffer
	if err := t.Execute(&b, map[string]any{"Style": style, "Script": template.JS(script)}); err != nil {
		return nil, "", err
	}
	sum := sha256.Sum256([]byte(script))
	policy = fmt.Sprintf("default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-%s'; connect-src 'self'; base-uri 'none'; form-action 'none'",
		base64.StdEncoding.EncodeToString(sum[:]))
	return b.Bytes(), policy, nil
}
