package com.example.saas;

import software.amazon.awscdk.App;

public final class SaasProductApp {
    public static void main(final String[] args) {
        App app = new App();
        Object productCode = app.getNode().tryGetContext("productCode");
        new SaasProductStack(app, "SaasProduct", productCode == null ? "4ml54db8vrmjuykaw1psroool" : productCode.toString());
        app.synth();
    }

    private SaasProductApp() {
    }
}
