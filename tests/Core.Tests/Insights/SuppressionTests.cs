using Serverless940.Core.Insights;

namespace Serverless940.Core.Tests.Insights;

public sealed class SuppressionTests
{
    [Fact]
    public void Large_groups_stay_as_they_are() =>
        Assert.Equal(["a", "b"], Suppression.Fold(Sizes(("a", 5), ("b", 50))).Values);

    [Fact]
    public void A_single_small_group_takes_the_next_smallest_with_it()
    {
        var told = Suppression.Fold(Sizes(("a", 3), ("b", 9), ("c", 50)));

        Assert.Equal((Suppression.Others, Suppression.Others, "c"), (told["a"], told["b"], told["c"]));
    }

    [Fact]
    public void Nothing_that_is_told_is_small_and_no_subtraction_brings_a_small_group_back()
    {
        var random = new Random(5);
        for (var round = 0; round < 500; round++)
        {
            var sizes = Enumerable.Range(0, random.Next(1, 12)).ToDictionary(i => $"g{i:00}", _ => random.Next(0, 14));
            var told = Suppression.Fold(sizes);
            var sums = sizes.Where(pair => pair.Value > 0).GroupBy(pair => told[pair.Key]).ToDictionary(group => group.Key, group => (Sum: group.Sum(pair => pair.Value), Groups: group.Count()));

            if (sizes.Values.Sum() >= Suppression.Fewest)
            {
                Assert.All(sums, pair => Assert.True(pair.Value.Sum >= Suppression.Fewest, pair.Key));
            }

            if (sums.TryGetValue(Suppression.Others, out var others) && sums.Count > 1)
            {
                Assert.True(others.Groups > 1);
            }
        }
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, null)]
    [InlineData(4, null)]
    [InlineData(5, 5)]
    public void Small_counts_are_not_told(int count, int? told) => Assert.Equal(told, Suppression.Told(count));

    private static Dictionary<string, int> Sizes(params (string Key, int Size)[] sizes) => sizes.ToDictionary(pair => pair.Key, pair => pair.Size);
}
