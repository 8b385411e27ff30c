#!/usr/bin/env bash
# Installs the packed tarballs into a new CDK app outside the repository, synthesizes it with the CDK CLI and runs the
# app's own tests in the packed sandbox: what a user of both packages gets.
set -euo pipefail
cd "$(dirname "$0")/.."
repo=$PWD
library=("$repo"/dist/js/cdk-marketplace-saas-*.tgz)
sandbox=("$repo"/dist/sandbox/cdk-marketplace-saas-sandbox-*.tgz)
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
counts() { node -e '
  const template = JSON.parse(require("fs").readFileSync("cdk.out/SaasProduct.template.json", "utf8"));
  const types = Object.values(template.Resources).map((resource) => resource.Type);
  const functions = types.filter((type) => type === "AWS::Lambda::Function").length;
  if (functions < 7) throw new Error(`expected the five handlers and the app, found ${functions} functions`);
  const { version } = JSON.parse(require("fs").readFileSync("node_modules/aws-cdk-lib/package.json", "utf8"));
  console.log(`synthesized ${types.length} resources, ${functions} functions, from the packed tarball with aws-cdk-lib ${version}`);
'; }
counts

# Products of the other kinds, as their users would begin.
for kind in {contract,consumption}' CONCURRENT' {subscription,contract,consumption}' LEGACY' {subscription,contract,consumption}' MIGRATING'; do
  read -r pricing mode <<<"$kind"
  npx cdk synth --quiet --output "cdk.out.$pricing.$mode" --context "pricing=$pricing" --context "agreementMode=$mode"
  test -s "cdk.out.$pricing.$mode/SaasProduct.template.json"
  echo "synthesized a product of the kind $kind from the packed tarball"
  rm -rf "cdk.out.$pricing.$mode"
done

# The same example in ES modules gives the same templates, and passes the same tests.
cp -r "$repo/examples/typescript-esm" esm
rm -rf esm/cdk.out
(cd esm && npx tsc -p tsconfig.json && npx cdk synth --quiet)
for product in SaasProduct ContractProduct; do
  node "$repo/scripts/compare-templates.js" "cdk.out/$product.template.json" "esm/cdk.out/$product.template.json"
done
(cd test && CDK_OUTDIR="$app/esm/cdk.out" npx node --test)

# The client of the app, from an ES module and from CommonJS, and its types.
cat >client.mjs <<'ESM'
import { isDomainEvent, reportUsage } from 'cdk-marketplace-saas/client';
const records = [{ id: 'req-1', license: 'l-9d5ab3c1', dimension: 'ApiCalls', quantity: 1, time: '2026-11-23T09:41:07Z' }];
const { sent, unsent } = await reportUsage({ sendMessageBatch: async () => ({}) }, 'https://queue.example', records);
if (sent.length !== 1 || unsent.length !== 0 || isDomainEvent({})) throw new Error('the client did not report the record');
ESM
npx node client.mjs
npx node -e "if (typeof require('cdk-marketplace-saas/client').claimRegistration !== 'function') throw new Error('no client for CommonJS')"
cat >client.ts <<'TS'
import { isDomainEvent, type UsageRecord } from 'cdk-marketplace-saas/client';
export const record: UsageRecord = { id: 'req-1', license: 'l-9d5ab3c1', dimension: 'ApiCalls', quantity: 1, time: '2026-11-23T09:41:07Z' };
export const licenseOf = (event: unknown) => isDomainEvent(event, 'Subscription Activated') ? event.detail.licenseId : undefined;
TS
for resolution in 'node16 --module node16' bundler; do npx tsc --noEmit --strict --skipLibCheck --target es2022 --moduleResolution $resolution client.ts; done
rm client.ts

# An app that knows nothing of this repository, in the packed sandbox.
cp -r "$repo/examples/any-app" any-app
rm -rf any-app/cdk.out
(cd any-app && npm test)

# HTTP API, function URL, stream, notifications of a bucket and a layer.
cp -r "$repo/examples/event-driven" event-driven
rm -rf event-driven/cdk.out
(cd event-driven && npm test)

# A platform without the native DynamoDB engine: the one in JavaScript takes its place.
mv node_modules/@dynoxide dynoxide.aside
(cd test && CDK_OUTDIR="$app/cdk.out" npx node --test)
mv dynoxide.aside node_modules/@dynoxide

# The lowest aws-cdk-lib that the package says it works with.
lowest=$(node -p 'require("./node_modules/cdk-marketplace-saas/package.json").peerDependencies["aws-cdk-lib"].replace("^", "")')
npm pkg set "dependencies.aws-cdk-lib=$lowest" >/dev/null
rm -rf node_modules cdk.out
npm install --no-package-lock
npx tsc -p tsconfig.json
npx cdk synth --quiet
counts
