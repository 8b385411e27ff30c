package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"
)

func main() {
	defer jsii.Close()

	app := awscdk.NewApp(nil)
	productCode, ok := app.Node().TryGetContext(jsii.String("productCode")).(string)
	if !ok {
		productCode = "4ml54db8vrmjuykaw1psroool"
	}
	NewSaasProductStack(app, "SaasProduct", &SaasProductStackProps{ProductCode: productCode})
	app.Synth(nil)
}
