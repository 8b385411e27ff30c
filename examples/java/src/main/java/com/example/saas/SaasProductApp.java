package com.example.saas;

import software.amazon.awscdk.App;

public final class SaasProductApp {
    public static void main(final String[] args) {
        App app = new App();
        new SaasProductStack(app, "SaasProduct", context(app, "productCode", "4ml54db8vrmjuykaw1psroool"));
        new ContractProductStack(app, "ContractProduct", context(app, "contractProductCode", "7xv92kq0hdnbsg3etm5wzapcy"));
        app.synth();
    }

    private static String context(final App app, final String key, final String other) {
        Object value = app.getNode().tryGetContext(key);
        return value == null ? other : value.toString();
    }

    private SaasProductApp() {
    }
}
