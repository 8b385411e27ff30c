/*
 * Synthesis in tests without what takes most of its time: aws-cdk-lib's own validation of templates (test/src/nag.test.ts turns it
 * on), and a stack trace for each resource. Apps in processes that a test starts inherit both.
 */
process.env.CDK_VALIDATION = 'false';
process.env.CDK_CONTEXT_JSON = JSON.stringify({ 'aws:cdk:disable-stack-trace': true });
