package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"
)

func main() {
	defer jsii.Close()

	app := awscdk.NewApp(nil)
	NewSaasProductStack(app, "SaasProduct", &SaasProductStackProps{
		ProductCode: context(app, "productCode", "4ml54db8vrmjuykaw1psroool"),
	})
	NewContractProductStack(app, "ContractProduct", &ContractProductStackProps{
		ProductCode: context(app, "contractProductCode", "7xv92kq0hdnbsg3etm5wzapcy"),
	})
	app.Synth(nil)
}

func context(app awscdk.App, key string, other string) string {
	if value, ok := app.Node().TryGetContext(&key).(string); ok {
		return value
	}
	return other
}
