// Tells when a month grows dear. It tells; it stops nothing: what stops a flood of texts is the app's own limits.

param name string

@minValue(1)
param amount int

@description('First day of the first month, as 2026-12-01; cannot be moved later.')
@minLength(10)
@maxLength(10)
param firstDay string

param emails string[]
param actionGroupId string

resource budget 'Microsoft.Consumption/budgets@2023-11-01' = {
  name: name
  properties: {
    amount: amount
    category: 'Cost'
    timeGrain: 'Monthly'
    timePeriod: {
      startDate: firstDay
    }
    notifications: {
      mostOfIt: {
        contactEmails: emails
        contactGroups: [
          actionGroupId
        ]
        enabled: true
        operator: 'GreaterThan'
        threshold: 80
        thresholdType: 'Actual'
      }
      willBeOver: {
        contactEmails: emails
        contactGroups: [
          actionGroupId
        ]
        enabled: true
        operator: 'GreaterThan'
        threshold: 100
        thresholdType: 'Forecasted'
      }
    }
  }
}
