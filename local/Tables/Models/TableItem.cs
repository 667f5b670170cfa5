namespace Azure.Data.Tables.Models;

/// <summary>A table of the account.</summary>
public class TableItem
{
    public TableItem(string name)
    {
        Name = name;
    }

    public string Name { get; }
}
