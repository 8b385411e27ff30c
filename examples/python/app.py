#!/usr/bin/env python3
from aws_cdk import App

from contract_product_stack import ContractProductStack
from saas_product_stack import SaasProductStack

app = App()
SaasProductStack(app, "SaasProduct", product_code=app.node.try_get_context("productCode") or "4ml54db8vrmjuykaw1psroool")
ContractProductStack(
    app, "ContractProduct", product_code=app.node.try_get_context("contractProductCode") or "7xv92kq0hdnbsg3etm5wzapcy"
)
app.synth()
