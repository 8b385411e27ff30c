using Amazon.CDK;
using SaasProduct;

var app = new App();
_ = new SaasProductStack(app, "SaasProduct", new SaasProductStackProps { ProductCode = Context("productCode", "4ml54db8vrmjuykaw1psroool") });
_ = new ContractProductStack(app, "ContractProduct", new ContractProductStackProps { ProductCode = Context("contractProductCode", "7xv92kq0hdnbsg3etm5wzapcy") });
app.Synth();

string Context(string key, string other) => app.Node.TryGetContext(key) as string ?? other;
