#!/usr/bin/env bash
# Installs the packed tarballs into a new CDK app outside the repository, synthesizes it with the CDK CLI and runs the
# app's own tests in the packed sandbox: what a user of both packages gets.
set -euo pipefail
cd "$(dirname "$0")/.."
repo=$PWD
library=("$repo"/dist/js/cdk-marketplace-saas@*.tgz)
sandbox=("$repo"/dist/js/cdk-marketplace-saas-sandbox-*.tgz)
app=$(mktemp -d)
trap 'rm -rf "$app"' EXIT
cp -r examples/typescript/. "$app"
rm -rf "$app/demo" "$app/cdk.out" "$app/node_modules"
cd "$app"
npm pkg set \
  "dependencies.cdk-marketplace-saas=file:${library[0]}" \
  "devDependencies.cdk-marketplace-saas-sandbox=file:${sandbox[0]}" \
  'devDependencies.node=^24' >/dev/null
npm install --no-package-lock
npx tsc -p tsconfig.json
npm test
node -e '
  const template = JSON.parse(require("fs").readFileSync("cdk.out/SaasProduct.template.json", "utf8"));
  const types = Object.values(template.Resources).map((resource) => resource.Type);
  const functions = types.filter((type) => type === "AWS::Lambda::Function").length;
  if (functions < 7) throw new Error(`expected the five handlers and the app, found ${functions} functions`);
  console.log(`synthesized ${types.length} resources, ${functions} functions, from the packed tarball`);
'
