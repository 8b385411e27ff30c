#!/usr/bin/env python3
from aws_cdk import App

from saas_product_stack import SaasProductStack

app = App()
SaasProductStack(app, "SaasProduct", product_code=app.node.try_get_context("productCode") or "4ml54db8vrmjuykaw1psroool")
app.synth()
