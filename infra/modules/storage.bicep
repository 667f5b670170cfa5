// Two accounts: the host's, with the package, and the data's, so that what the host may do cannot touch evidence.
import { containers, tables, tagsType } from '../names.bicep'

param location string
param tags tagsType

@description('Names of the accounts; 3 to 24 lower-case letters and digits.')
param hostAccountName string
param dataAccountName string

param skuName ('Standard_LRS' | 'Standard_ZRS' | 'Standard_GRS' | 'Standard_GZRS')

@description('Days after which a deleted blob, version or container is gone for good.')
param softDeleteDays int

@description('Days after which media is deleted; the reports\' own retention is the app\'s.')
param mediaRetentionDays int

param coolAfterDays int
param coldAfterDays int
param publicNetworkAccess ('Enabled' | 'Disabled')
param workspaceId string

var packageContainerName = 'packages'
var deadLetterContainerName = 'event-grid-dead-letters'

var accountProperties = {
  accessTier: 'Hot'
  allowBlobPublicAccess: false
  allowCrossTenantReplication: false
  allowSharedKeyAccess: false
  defaultToOAuthAuthentication: true
  dnsEndpointType: 'Standard'
  encryption: {
    keySource: 'Microsoft.Storage'
    requireInfrastructureEncryption: true
    services: {
      blob: {
        enabled: true
        keyType: 'Account'
      }
      // Account-scoped keys would make every table write ninety times dearer.
      table: {
        enabled: true
        keyType: 'Service'
      }
    }
  }
  isLocalUserEnabled: false
  minimumTlsVersion: 'TLS1_2'
  networkAcls: {
    bypass: 'AzureServices'
    defaultAction: publicNetworkAccess == 'Disabled' ? 'Deny' : 'Allow'
  }
  publicNetworkAccess: publicNetworkAccess
  supportsHttpsTrafficOnly: true
}

resource host 'Microsoft.Storage/storageAccounts@2024-01-01' = {
  name: hostAccountName
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: {
    name: skuName
  }
  properties: accountProperties
}

resource hostBlobs 'Microsoft.Storage/storageAccounts/blobServices@2024-01-01' = {
  parent: host
  name: 'default'
  properties: {
    containerDeleteRetentionPolicy: {
      enabled: true
      days: 7
    }
    deleteRetentionPolicy: {
      enabled: true
      days: 7
    }
  }
}

resource packages 'Microsoft.Storage/storageAccounts/blobServices/containers@2024-01-01' = {
  parent: hostBlobs
  name: packageContainerName
  properties: {
    publicAccess: 'None'
  }
}

resource data 'Microsoft.Storage/storageAccounts@2024-01-01' = {
  name: dataAccountName
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: {
    name: skuName
  }
  properties: accountProperties
}

resource dataBlobs 'Microsoft.Storage/storageAccounts/blobServices@2024-01-01' = {
  parent: data
  name: 'default'
  properties: {
    changeFeed: {
      enabled: true
      retentionInDays: softDeleteDays
    }
    containerDeleteRetentionPolicy: {
      enabled: true
      days: softDeleteDays
    }
    deleteRetentionPolicy: {
      enabled: true
      days: softDeleteDays
    }
    isVersioningEnabled: true
    // A restore must lie within what soft delete still holds.
    restorePolicy: {
      enabled: true
      days: softDeleteDays - 1
    }
  }
}

resource dataContainers 'Microsoft.Storage/storageAccounts/blobServices/containers@2024-01-01' = [
  for name in containers: {
    parent: dataBlobs
    name: name
    properties: {
      publicAccess: 'None'
    }
  }
]

resource deadLetters 'Microsoft.Storage/storageAccounts/blobServices/containers@2024-01-01' = {
  parent: dataBlobs
  name: deadLetterContainerName
  properties: {
    publicAccess: 'None'
  }
}

resource dataTableService 'Microsoft.Storage/storageAccounts/tableServices@2024-01-01' = {
  parent: data
  name: 'default'
  properties: {}
}

resource dataTables 'Microsoft.Storage/storageAccounts/tableServices/tables@2024-01-01' = [
  for name in tables: {
    parent: dataTableService
    name: name
    properties: {}
  }
]

// No archive tier: zone-redundant accounts have none, and a photo that takes hours to come back is lost to its reader.
resource lifecycle 'Microsoft.Storage/storageAccounts/managementPolicies@2024-01-01' = {
  parent: data
  name: 'default'
  dependsOn: [
    dataBlobs
  ]
  properties: {
    policy: {
      rules: [
        {
          name: 'media'
          enabled: true
          type: 'Lifecycle'
          definition: {
            filters: {
              blobTypes: [
                'blockBlob'
              ]
              prefixMatch: [
                'media/'
              ]
            }
            actions: {
              baseBlob: {
                tierToCool: {
                  daysAfterModificationGreaterThan: coolAfterDays
                }
                tierToCold: {
                  daysAfterModificationGreaterThan: coldAfterDays
                }
                delete: {
                  daysAfterModificationGreaterThan: mediaRetentionDays
                }
              }
              version: {
                delete: {
                  daysAfterCreationGreaterThan: 30
                }
              }
            }
          }
        }
        {
          name: 'unfinished'
          enabled: true
          type: 'Lifecycle'
          definition: {
            filters: {
              blobTypes: [
                'blockBlob'
              ]
              prefixMatch: [
                'uploads/'
              ]
            }
            actions: {
              baseBlob: {
                delete: {
                  daysAfterModificationGreaterThan: 7
                }
              }
              version: {
                delete: {
                  daysAfterCreationGreaterThan: 7
                }
              }
            }
          }
        }
        {
          name: 'dead-letters'
          enabled: true
          type: 'Lifecycle'
          definition: {
            filters: {
              blobTypes: [
                'blockBlob'
              ]
              prefixMatch: [
                '${deadLetterContainerName}/'
              ]
            }
            actions: {
              baseBlob: {
                delete: {
                  daysAfterModificationGreaterThan: 30
                }
              }
            }
          }
        }
      ]
    }
  }
}

resource blobDiagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: dataBlobs
  name: 'workspace'
  properties: {
    workspaceId: workspaceId
    logs: [
      {
        category: 'StorageDelete'
        enabled: true
      }
    ]
    metrics: [
      {
        category: 'Transaction'
        enabled: true
      }
    ]
  }
}

resource tableDiagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: dataTableService
  name: 'workspace'
  properties: {
    workspaceId: workspaceId
    logs: [
      {
        category: 'StorageDelete'
        enabled: true
      }
    ]
    metrics: [
      {
        category: 'Transaction'
        enabled: true
      }
    ]
  }
}

output hostAccountId string = host.id
output packagesUri string = '${host.properties.primaryEndpoints.blob}${packages.name}'
output dataAccountId string = data.id
output blobUri string = data.properties.primaryEndpoints.blob
output tableUri string = data.properties.primaryEndpoints.table
output deadLetterContainerName string = deadLetters.name
