using Serverless940.Core.Policies;

namespace Serverless940.Core.Tests.Policies;

public sealed class ExamplePolicyTests
{
    [Fact]
    public void The_example_policy_is_accepted()
    {
        var result = PolicyReader.Read(ExamplePolicy.Files);

        Assert.Empty(result.Errors);
        Assert.True(result.Ok);
        Assert.Matches("^[0-9a-f]{12}$", result.Policy.Version);
    }

    [Fact]
    public void It_has_the_eighteen_municipalities_and_two_neighbours_with_their_own_amana()
    {
        var municipalities = ExamplePolicy.Policy.Municipalities.Values;

        Assert.Equal(18, municipalities.Count(m => m.ReferTo is null));
        Assert.Equal(["al-ahsa", "hafar-al-batin"], municipalities.Where(m => m.ReferTo is not null).Select(m => m.Id).Order());
    }

    [Fact]
    public void Every_key_from_one_to_nine_means_one_category()
    {
        var digits = ExamplePolicy.Policy.Categories.Values.Select(c => c.KeypadDigit).OfType<int>().Order();

        Assert.Equal(Enumerable.Range(1, 9), digits);
    }

    [Fact]
    public void Somebody_answers_for_every_step_of_every_ladder_in_every_municipality()
    {
        var policy = ExamplePolicy.Policy;

        var silent =
            from category in policy.Categories.Values
            from municipality in policy.Municipalities.Values.Where(m => m.ReferTo is null)
            from step in policy.Ladders[category.Ladder].Steps
            where category.Department is not null
                && policy.ContactsFor(step.Role, municipality.Id, category.Department).Count == 0
            select (category.Code, municipality.Id, step.Role);

        Assert.Empty(silent);
    }

    [Fact]
    public void What_nobody_can_be_reached_at_is_not_in_the_repository()
    {
        var policy = ExamplePolicy.Policy;
        var contacts = policy.City.Contacts
            .Concat(policy.Municipalities.Values.SelectMany(m => m.Contacts))
            .Concat(policy.Departments.Values.SelectMany(d => d.Contacts))
            .Concat(policy.Teams.Values.SelectMany(t => t.Contacts))
            .ToList();

        Assert.All(contacts, c => Assert.EndsWith(".example", c.Email, StringComparison.Ordinal));
        Assert.All(contacts, c => Assert.Matches(@"^\+966(50|13)0000\d{3}$", c.Phone));
    }
}
