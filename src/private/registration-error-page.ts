import * as apigateway from 'aws-cdk-lib/aws-apigateway';

/** What API Gateway answers in place of the function. It has no dollar sign, because API Gateway would replace a variable. */
const PAGE = [
  '<!doctype html>',
  '<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">',
  '<title>Please try again</title></head>',
  '<body style="font-family: system-ui, sans-serif; max-width: 40rem; margin: 4rem auto; padding: 0 1rem; line-height: 1.5">',
  '<h1>Please try again in a minute</h1>',
  '<p>Something kept us from answering. Your subscription in AWS Marketplace is not affected.</p>',
  '<p>Reload this page, or go to your subscriptions in AWS Marketplace and choose <strong>Set up your account</strong> again.</p>',
  '</body></html>',
].join('\n');

/** Errors of API Gateway itself are pages too, because a buyer sees the answer in a browser. */
export function addErrorPages(api: apigateway.RestApi): void {
  const { DEFAULT_4XX, DEFAULT_5XX, WAF_FILTERED } = apigateway.ResponseType;
  for (const [id, type] of Object.entries({ ClientErrors: DEFAULT_4XX, ServerErrors: DEFAULT_5XX, Blocked: WAF_FILTERED })) {
    api.addGatewayResponse(id, {
      type,
      responseHeaders: { 'Content-Type': "'text/html; charset=utf-8'", 'Cache-Control': "'no-store'", 'X-Frame-Options': "'DENY'", 'X-Content-Type-Options': "'nosniff'" },
      // API Gateway chooses by the Accept header, and a client without one counts as one of JSON.
      templates: { 'text/html': PAGE, 'application/json': PAGE },
    });
  }
}
