#!/usr/bin/env python3
from aws_cdk import App

from consumption_product_stack import ConsumptionProductStack
from contract_product_stack import ContractProductStack
from saas_product_stack import SaasProductStack

app = App()
product_code = app.node.try_get_context("productCode") or "4ml54db8vrmjuykaw1psroool"
contract_product_code = app.node.try_get_context("contractProductCode") or "7xv92kq0hdnbsg3etm5wzapcy"
# `cdk synth --context pricing=consumption`: one product, whose contract has consumption, under the name `SaasProduct`.
if app.node.try_get_context("pricing") == "consumption":
    ConsumptionProductStack(app, "SaasProduct", product_code=product_code)
else:
    SaasProductStack(app, "SaasProduct", product_code=product_code)
    ContractProductStack(app, "ContractProduct", product_code=contract_product_code)
app.synth()
