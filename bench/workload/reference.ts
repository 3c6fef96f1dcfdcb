/** The full request of the page whose API Clientele serves, without the identifier. */
export const reference = {
  corporationId: 'corp_123',
  name: 'Acme Corporation',
  email: 'contact@acme.com',
  shippingAddress: {
    line1: '123 Main St',
    line2: 'Suite 100',
    city: 'San Francisco',
    state: 'CA',
    postalCode: '94105',
    country: 'US',
  },
};

export type ReferenceCustomer = typeof reference & { externalId: string };

/** The same as REST spells it. */
export function toWire({ corporationId, externalId, shippingAddress, ...rest }: ReferenceCustomer) {
  const { postalCode, country, ...lines } = shippingAddress;
  return {
    corporation_id: corporationId,
    ...rest,
    external_id: externalId,
    shipping_address: { ...lines, postal_code: postalCode, country },
  };
}
