using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Serverless940.Functions.Platform.Security;

namespace Serverless940.Functions.Tests.Platform;

/// <summary>The principal as App Service Authentication hands it over.</summary>
public sealed class StaffScopeTests
{
    [Fact]
    public void App_roles_carry_role_and_scope()
    {
        var staff = Authenticate("True", ("roles", "field"), ("roles", "municipality:east-dammam"), ("roles", "department:lighting"), ("roles", "emperor"))!;

        Assert.Equal(["field"], staff.Roles);
        Assert.Equal(["east-dammam"], staff.Municipalities);
        Assert.Equal(["lighting"], staff.Departments);
        Assert.True(staff.Covers("east-dammam", "lighting"));
        Assert.False(staff.Covers("khobar", "lighting"));
        Assert.False(staff.Covers("east-dammam", "cleanliness"));
    }

    [Fact]
    public void A_scope_alone_is_no_role() => Assert.Null(Authenticate("True", ("roles", "municipality:east-dammam")));

    [Fact]
    public void The_header_is_believed_only_where_the_platform_guards_it()
    {
        Assert.NotNull(Authenticate("True", ("roles", "field")));
        Assert.Null(Authenticate(null, ("roles", "field")));
        Assert.Null(Authenticate("False", ("roles", "field")));
    }

    private static StaffPrincipal? Authenticate(string? guarded, params (string Type, string Value)[] claims)
    {
        var authentication = new StaffAuthentication(
            new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create("WEBSITE_AUTH_ENABLED", guarded)]).Build());
        var principal = new
        {
            auth_typ = "aad",
            role_typ = "roles",
            claims = claims.Append((Type: "http://schemas.microsoft.com/identity/claims/objectidentifier", Value: "00000000-0000-0000-0000-000000000001"))
                .Select(claim => new { typ = claim.Type, val = claim.Value }),
        };
        var request = new DefaultHttpContext().Request;
        request.Headers[StaffAuthentication.Header] = Convert.ToBase64String(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(principal)));
        return authentication.Authenticate(request);
    }
}
