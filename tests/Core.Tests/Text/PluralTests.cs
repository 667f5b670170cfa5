using Serverless940.Core.Text;

namespace Serverless940.Core.Tests.Text;

/// <summary>Against the samples that Unicode CLDR gives beside its rules.</summary>
public sealed class PluralTests
{
    [Theory]
    [InlineData("ar", PluralForm.Zero, 0)]
    [InlineData("ar", PluralForm.One, 1)]
    [InlineData("ar", PluralForm.Two, 2)]
    [InlineData("ar", PluralForm.Few, 3, 10, 103, 110, 1003)]
    [InlineData("ar", PluralForm.Many, 11, 26, 99, 111, 1011)]
    [InlineData("ar", PluralForm.Other, 100, 102, 200, 202, 1000, 1000000)]
    [InlineData("en", PluralForm.One, 1)]
    [InlineData("en", PluralForm.Other, 0, 2, 16, 100, 1000)]
    [InlineData("ur", PluralForm.One, 1)]
    [InlineData("ur", PluralForm.Other, 0, 2, 100)]
    [InlineData("hi", PluralForm.One, 0, 1)]
    [InlineData("hi", PluralForm.Other, 2, 17, 100)]
    [InlineData("bn", PluralForm.One, 0, 1)]
    [InlineData("bn", PluralForm.Other, 2, 17, 100)]
    [InlineData("fil", PluralForm.One, 0, 1, 2, 3, 5, 7, 8, 10, 13, 15, 1000)]
    [InlineData("fil", PluralForm.Other, 4, 6, 9, 14, 16, 19, 24, 104)]
    [InlineData("id", PluralForm.Other, 0, 1, 2, 15, 100)]
    [InlineData("fr", PluralForm.One, 0, 1)]
    [InlineData("fr", PluralForm.Many, 1000000, 2000000)]
    [InlineData("fr", PluralForm.Other, 2, 17, 100, 1000, 100000)]
    [InlineData("tr", PluralForm.One, 1)]
    [InlineData("tr", PluralForm.Other, 0, 2, 16, 100)]
    [InlineData("fa", PluralForm.One, 0, 1)]
    [InlineData("fa", PluralForm.Other, 2, 17, 100)]
    [InlineData("ml", PluralForm.One, 1)]
    [InlineData("ml", PluralForm.Other, 0, 2, 16, 100)]
    [InlineData("am", PluralForm.One, 0, 1)]
    [InlineData("am", PluralForm.Other, 2, 17, 100)]
    public void Numbers_take_the_form_of_their_language(string language, PluralForm form, params int[] numbers) =>
        Assert.All(numbers, number => Assert.Equal(form, Languages.Find(language)!.Count(number)));
}
