/** Called by the CDK's provider framework when the app is deployed. */
export async function handler({ RequestType, ResourceProperties: { Stage } }) {
  return RequestType === 'Create' ? { PhysicalResourceId: 'plan', Data: { Name: `${Stage}-gold` } } : {};
}
