// Private networking: the app reaches its data through private endpoints only. The app itself stays public, for the
// citizens and the providers' webhooks. Event Grid and the vault's references come as trusted services.
import { tagsType } from '../names.bicep'

@export()
@description('A service behind a private endpoint.')
type endpointType = {
  @description('Short name, unique among the endpoints.')
  name: string
  @description('The resource.')
  id: string
  @description('Its sub-resource, as private endpoints name it.')
  group: string
  @description('Its private DNS zone.')
  zone: string
}

param location string
param tags tagsType
param namePrefix string

@description('Address space; at least a /24.')
param addressPrefix string

param endpoints endpointType[]

// One zone serves all endpoints of its kind.
var zones = union(map(endpoints, endpoint => endpoint.zone), [])

resource network 'Microsoft.Network/virtualNetworks@2024-05-01' = {
  name: '${namePrefix}-network'
  location: location
  tags: tags
  properties: {
    addressSpace: {
      addressPrefixes: [
        addressPrefix
      ]
    }
    subnets: [
      {
        name: 'app'
        properties: {
          addressPrefix: cidrSubnet(addressPrefix, 26, 0)
          delegations: [
            {
              name: 'flex'
              properties: {
                serviceName: 'Microsoft.App/environments'
              }
            }
          ]
        }
      }
      {
        name: 'endpoints'
        properties: {
          addressPrefix: cidrSubnet(addressPrefix, 26, 1)
          privateEndpointNetworkPolicies: 'Disabled'
        }
      }
    ]
  }
}

resource appSubnet 'Microsoft.Network/virtualNetworks/subnets@2024-05-01' existing = {
  parent: network
  name: 'app'
}

resource endpointSubnet 'Microsoft.Network/virtualNetworks/subnets@2024-05-01' existing = {
  parent: network
  name: 'endpoints'
}

resource dnsZones 'Microsoft.Network/privateDnsZones@2024-06-01' = [
  for zone in zones: {
    name: zone
    location: 'global'
    tags: tags
  }
]

resource links 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = [
  for (zone, index) in zones: {
    parent: dnsZones[index]
    name: 'network'
    location: 'global'
    tags: tags
    properties: {
      registrationEnabled: false
      virtualNetwork: {
        id: network.id
      }
    }
  }
]

resource privateEndpoints 'Microsoft.Network/privateEndpoints@2024-05-01' = [
  for endpoint in endpoints: {
    name: '${namePrefix}-${endpoint.name}'
    location: location
    tags: tags
    properties: {
      privateLinkServiceConnections: [
        {
          name: endpoint.name
          properties: {
            groupIds: [
              endpoint.group
            ]
            privateLinkServiceId: endpoint.id
          }
        }
      ]
      subnet: {
        id: endpointSubnet.id
      }
    }
  }
]

resource zoneGroups 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2024-05-01' = [
  for (endpoint, index) in endpoints: {
    parent: privateEndpoints[index]
    name: 'default'
    properties: {
      privateDnsZoneConfigs: [
        {
          name: endpoint.group
          properties: {
            privateDnsZoneId: resourceId('Microsoft.Network/privateDnsZones', endpoint.zone)
          }
        }
      ]
    }
    dependsOn: [
      dnsZones
    ]
  }
]

output appSubnetId string = appSubnet.id
