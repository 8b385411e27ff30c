using Amazon.CDK;
using SaasProduct;

var app = new App();
var productCode = app.Node.TryGetContext("productCode") as string ?? "4ml54db8vrmjuykaw1psroool";
_ = new SaasProductStack(app, "SaasProduct", new SaasProductStackProps { ProductCode = productCode });
app.Synth();
